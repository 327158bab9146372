# Packs the solution zips: the entry for Windows pipelines over the same code as `chatauth pack`.
# Example: ./pack.ps1 --out drop
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'dotnet is not there. Install the .NET SDK that global.json names.'
    exit 1
}
dotnet run --project "$PSScriptRoot/tools/chatauth" -- pack @args
exit $LASTEXITCODE
