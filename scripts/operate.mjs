// npm run administrator:reset | audit:verify | keys:rotate | backup | restore
import { existsSync } from "node:fs";
import { runCommand } from "./install.mjs";
import { operate } from "./operation.mjs";

await runCommand(() => operate(process.argv.slice(2), { build }));

async function build() {
  const { bundle, generateClient } = await import("./build.mjs");
  if (!existsSync("prisma/generated")) await generateClient();
  await bundle({ operate: "scripts/operate.ts" });
}
