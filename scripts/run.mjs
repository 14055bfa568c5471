import { startUntilSignal } from "./stop-on-signal.mjs";
import { table } from "./terminal.mjs";

/**
 * Runs the product for real use until a signal ends it. Data and key are kept in POSTKEY_DATA (default var/).
 * @param {{ only?: import("./serve.mjs").Name, build?: (() => Promise<void>) | undefined }} [options] of `serve`
 */
export async function run({ only, build } = {}) {
  const port = Number(process.env.PORT ?? 3000);
  const url = process.env.POSTKEY_URL ?? `http://localhost:${port}`;
  const running = await startUntilSignal(async (stopping) => {
    // Only now: it needs the packages.
    const { serve } = await import("./serve.mjs");
    return serve({
      dataFolder: process.env.POSTKEY_DATA ?? "var",
      url,
      host: process.env.POSTKEY_HOST ?? "127.0.0.1",
      port,
      mode: "production",
      only,
      build,
      stopping,
      // Beside others the web goes on and says why; alone there is nothing left to run.
      onHopeless: only && ((code) => process.exit(code)),
    });
  });
  console.log(`\n${only ? `Postkey's ${only}` : "Postkey"} is ready.\n`);
  if (only !== "keeper")
    table([["Address", url], ...(running.apiUrl ? [["API", running.apiUrl]] : [])]);
  if (running.lock) console.log(`\nIt is read-only. ${running.lock}`);
  if (running.setupToken) {
    console.log("\nNo administrator exists yet. Create the first one here (once, within a day):\n");
    table([["One-time link", `${url}/setup#${running.setupToken}`]]);
  }
  console.log("");
}
