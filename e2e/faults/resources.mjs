// Loaded into a process under test (node --expose-gc --import): at SIGUSR2 it prints what it holds.
process.on("SIGUSR2", () => {
  globalThis.gc?.();
  const kinds = process.getActiveResourcesInfo();
  const count = (kind) => kinds.filter((each) => each === kind).length;
  const { heapUsed, external } = process.memoryUsage();
  const heapMb = (heapUsed + external) / 2 ** 20;
  const held = { heapMb, timers: count("Timeout"), sockets: count("TCPSocketWrap") };
  process.stdout.write(`HELD ${JSON.stringify(held)}\n`);
});
