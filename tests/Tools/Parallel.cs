using Microsoft.VisualStudio.TestTools.UnitTesting;

// Every test makes its own organization, network, clock, folders and ports. What measures time or starts other programs
// says so with DoNotParallelize and its reason. Four, since many wait: for a deadline, a port, another program.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.ClassLevel)]
