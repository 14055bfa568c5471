// npm run dev: the demonstration with Next.js in development mode; its data is kept in var/dev.
import { startUntilSignal } from "./stop-on-signal.mjs";
import { exitWith, table } from "./terminal.mjs";

try {
  const { bundle, generateClient } = await import("./build.mjs");
  const { freePort } = await import("./ports.mjs");
  const { serve } = await import("./serve.mjs");
  await generateClient();
  await bundle();
  const port = await freePort(Number(process.env.PORT ?? 3000));
  const url = `http://localhost:${port}`;
  const [email, password] = ["admin@example.com", "only-for-development"];
  const running = await startUntilSignal((stopping) =>
    serve({
      dataFolder: "var/dev",
      url,
      host: "127.0.0.1",
      port,
      mode: "development",
      sandbox: true,
      environment: () => ({
        NODE_ENV: "development",
        DEMO_EMAIL: email,
        DEMO_PASSWORD: password,
      }),
      onLine: (name, line) => console.log(`  ${name}: ${line}`),
      stopping,
    }),
  );
  const { registration, controlUrl } = running.sandbox;
  table([
    ["Address", url],
    ["Sign in", `${email} / ${password}`],
    ["Application Id", registration.clientId],
    ["Tenant Id", registration.tenantId],
    ["Client Secret", registration.clientSecret],
    ["Sandbox", controlUrl],
  ]);
} catch (error) {
  exitWith(error);
}
