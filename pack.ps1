# Packs the solution zips: the entry for Windows pipelines over the same code as `chatauth pack`.
# Example: ./pack.ps1 --out drop
# With the packages for dotnet beside them, the command and ChatAuth.AspNetCore: ./pack.ps1 -Packages drop
if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error 'dotnet is not there. Install the .NET SDK that global.json names.'
    exit 1
}
$arguments = $args
if ($args.Count -eq 2 -and $args[0] -eq '-Packages') {
    foreach ($package in 'chatauth', 'ChatAuth.AspNetCore') {
        dotnet pack "$PSScriptRoot/tools/$package" --output $args[1]
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    }
    $arguments = '--out', $args[1]
}
dotnet run --project "$PSScriptRoot/tools/chatauth" -- pack @arguments
exit $LASTEXITCODE
