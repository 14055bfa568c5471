import { startSandbox } from "./sandbox";

const STOP_WITHIN_MS = 2000;

/** The sandbox as a process of its own: settings from the environment, one line when it is ready. */
async function main(): Promise<void> {
  const { SANDBOX_STATE_DIR, SANDBOX_REDIRECT_URIS } = process.env;
  if (!SANDBOX_STATE_DIR || !SANDBOX_REDIRECT_URIS)
    throw new Error("Set SANDBOX_STATE_DIR and SANDBOX_REDIRECT_URIS (comma separated).");
  const sandbox = await startSandbox({
    stateDir: SANDBOX_STATE_DIR,
    redirectUris: SANDBOX_REDIRECT_URIS.split(",").map((uri) => uri.trim()),
  });

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS - 200).unref();
    sandbox.close().then(() => process.exit(0), fail);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The parent holds the other end: when it is gone, however it went, this process goes as well.
  process.stdin.on("end", stop).on("error", stop).resume();

  process.stdout.write(`${JSON.stringify({ ready: true, ...sandbox })}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
