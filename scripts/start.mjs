// npm start: the product, for real use. Data and key are kept in POSTKEY_DATA (default var/).
import { runCommand } from "./install.mjs";
import { startUntilSignal } from "./stop-on-signal.mjs";
import { table } from "./terminal.mjs";

await runCommand(async () => {
  const port = Number(process.env.PORT ?? 3000);
  const url = process.env.POSTKEY_URL ?? `http://localhost:${port}`;
  const running = await startUntilSignal(async (stopping) => {
    const { serve } = await import("./serve.mjs");
    return serve({
      dataFolder: process.env.POSTKEY_DATA ?? "var",
      url,
      host: process.env.POSTKEY_HOST ?? "127.0.0.1",
      port,
      mode: "production",
      stopping,
    });
  });
  console.log("\nPostkey is ready.\n");
  table([["Address", url], ...(running.apiUrl ? [["API", running.apiUrl]] : [])]);
  if (running.lock) console.log(`\nIt is read-only. ${running.lock}`);
  if (running.setupToken) {
    console.log("\nNo administrator exists yet. Create the first one here (once, within a day):\n");
    table([["One-time link", `${url}/setup#${running.setupToken}`]]);
  }
  console.log("");
});
