import { startUntilSignal } from "./stop-on-signal.mjs";
import { table } from "./terminal.mjs";

/**
 * Runs the product for real use until a signal ends it. Data and key are kept in POSTKEY_DATA (default var/).
 * @param {{ only?: import("./serve.mjs").Name, build?: (() => Promise<void>) | undefined }} [options] of `serve`
 */
export async function run({ only, build } = {}) {
  const { POSTKEY_DATA: dataFolder = "var", POSTKEY_HOST: host = "127.0.0.1" } = process.env;
  const port = Number(process.env.PORT ?? 3000);
  const url = process.env.POSTKEY_URL ?? `http://localhost:${port}`;
  // Beside others the web goes on and says why; alone there is nothing left to run.
  const onHopeless = only && ((code) => process.exit(code));
  const options = { dataFolder, url, host, port, mode: "production", only, build, onHopeless };
  const running = await startUntilSignal(async (stopping) => {
    // Only now: it needs the packages.
    const { serve } = await import("./serve.mjs");
    return serve({ ...options, stopping });
  });
  console.log(`\n${only ? `Postkey's ${only}` : "Postkey"} is ready.\n`);
  if (only !== "keeper") table([["Address", url]]);
  if (running.apiUrl) table([["API", running.apiUrl]]);
  if (running.lock) console.log(`\nIt is read-only. ${running.lock}`);
  if (running.setupToken) {
    console.log("\nNo administrator exists yet. Create the first one here (once, within a day):\n");
    table([["One-time link", `${url}/setup#${running.setupToken}`]]);
  }
  console.log("");
}
