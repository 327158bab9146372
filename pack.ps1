# Packs the solution zips: the entry for Windows pipelines over the same code as `chatauth pack`.
# Example: ./pack.ps1 --out drop
dotnet run --project "$PSScriptRoot/tools/chatauth" -- pack @args
exit $LASTEXITCODE
