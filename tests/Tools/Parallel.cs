using Microsoft.VisualStudio.TestTools.UnitTesting;

// Every test makes its own organization, network, clock, folders and ports. What measures time or starts other programs
// says so with DoNotParallelize and its reason.
[assembly: Parallelize(Workers = 0, Scope = ExecutionScope.ClassLevel)]
