// npm run demo: everything, with a sandbox instead of Microsoft. npm run demo -- --help says what it takes.
// npm run dev: the same with Next.js in development mode, and data of its own.
import { demonstrate, PREFERRED_PORT } from "./demonstration.mjs";
import { runCommand } from "./install.mjs";

const HELP = `
npm run demo                the whole product with a sandbox instead of Microsoft; Ctrl-C stops it
npm run demo -- --reset     starts over, without the data of before
npm run demo -- --help      this text

PORT=4000                   the port of the web (${PREFERRED_PORT}, or any that is free)
POSTKEY_DATA=/tmp/second    where its data is kept, in the folder demo (var)
POSTKEY_API_PORT=4001       the port of the API (any that is free)
POSTKEY_DEVICE_LISTENERS=…  where devices connect, as in docs/devices.md
`;

const words = process.argv.slice(2);
if (words.some((word) => !["--reset", "--development"].includes(word))) {
  console.log(HELP);
  process.exit(words.includes("--help") ? 0 : 1);
}
const isDevelopment = words.includes("--development");

console.log("\nPostkey, with a sandbox instead of Microsoft\n");
await runCommand(async () => {
  const { build, bundle, generateClient, isBuilt } = await import("./build.mjs");
  if (isDevelopment) await generateClient().then(() => bundle());
  const needsBuild = !isDevelopment && !isBuilt();
  const reset = words.includes("--reset");
  await demonstrate({ isDevelopment, reset, build: needsBuild ? build : undefined });
  console.log("\nCtrl-C stops everything. npm run demo -- --reset starts over.\n");
});
