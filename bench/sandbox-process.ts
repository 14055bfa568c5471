import type { InstallationSettings } from "@/e2e/installation";
import { commands } from "../scripts/installation.mjs";
import type { ProcessGroup } from "./installation";

/** What the sandbox says when it is ready. */
export type Sandbox = { cloudFile: string } & Pick<
  InstallationSettings,
  "caFile" | "controlUrl" | "registration" | "governmentRegistration" | "google" | "passwordMail"
>;

export function startSandbox(group: ProcessGroup, redirectUri: string): Promise<Sandbox> {
  const env = {
    ...process.env,
    SANDBOX_STATE_DIR: "var/sandbox",
    SANDBOX_REDIRECT_URIS: redirectUri,
  };
  const { stdout } = group.start({ name: "sandbox", args: commands.sandbox(), env });
  let output = "";
  return new Promise((resolve, reject) => {
    stdout.once("close", () => reject(new Error("The sandbox ended.")));
    stdout.on("data", (chunk) => {
      output += chunk;
      // The first line, once it is complete, says that the sandbox is ready and where.
      if (output.includes("\n"))
        resolve(JSON.parse(output.slice(0, output.indexOf("\n"))) as Sandbox);
    });
  });
}
