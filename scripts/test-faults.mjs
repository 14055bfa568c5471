// npm run test:faults: the fault tests in their long form, whose figures docs/reliability.md states.
import { spawn } from "node:child_process";
import { installPackages, isInstalled } from "./install.mjs";
import { step } from "./terminal.mjs";

if (!isInstalled()) await step("Installing packages (a minute or two)", installPackages);
const only = process.argv.slice(2);
const all = ["e2e/faults", "lib/installation/keys/rotate.test.ts", "scripts/migrate.test.ts"];
const args = ["run", "--no-file-parallelism", ...(only.length > 0 ? only : all)];
const child = spawn("node_modules/.bin/vitest", args, {
  stdio: "inherit",
  env: { ...process.env, POSTKEY_FAULTS: "long" },
});
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
