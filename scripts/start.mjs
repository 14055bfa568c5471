// npm start: the product, for real use, built when its sources changed.
import { runCommand } from "./install.mjs";
import { run } from "./run.mjs";

await runCommand(async () => {
  const { build, isBuilt } = await import("./build.mjs");
  await run({ build: isBuilt() ? undefined : build });
});
