// npm start: the product, for real use. Data and key are kept in POSTKEY_DATA (default var/).
import { installPackages, isInstalled } from "./install.mjs";
import { exitWith, step, table } from "./terminal.mjs";

try {
  if (!isInstalled()) await step("Installing packages (a minute or two)", installPackages);
  const { localOrigin } = await import("./installation.mjs");
  const { serve } = await import("./serve.mjs");
  const { stopOnSignal } = await import("./stop-on-signal.mjs");
  const port = Number(process.env.PORT ?? 3000);
  const apiPort = process.env.POSTKEY_API_PORT ? Number(process.env.POSTKEY_API_PORT) : undefined;
  const host = process.env.POSTKEY_HOST ?? "127.0.0.1";
  const url = process.env.POSTKEY_URL ?? `http://localhost:${port}`;
  const running = await serve({
    dataFolder: process.env.POSTKEY_DATA ?? "var",
    url,
    host,
    port,
    apiPort,
    mode: "production",
  });
  stopOnSignal(running.stop);
  console.log("\nPostkey is ready.\n");
  table([
    ["Address", url],
    ...(apiPort === undefined ? [] : [["API", `${localOrigin({ host, port: apiPort })}/api`]]),
  ]);
  if (running.lock) console.log(`\nIt is read-only. ${running.lock}`);
  if (running.setupToken) {
    console.log("\nNo administrator exists yet. Create the first one here (once, within a day):\n");
    table([["One-time link", `${url}/setup#${running.setupToken}`]]);
  }
  console.log("");
} catch (error) {
  exitWith(error);
}
