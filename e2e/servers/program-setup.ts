import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AUTHORITY, instructionsFor } from "@/lib/devices/instructions";
import type { DeviceRow } from "@/lib/devices/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";

export type Login = {
  /** An empty folder for configuration and data. */
  dir: string;
  /** Of the gateway, with TLS from the first byte and with STARTTLS. */
  ports: { [listener in Protocol | `${Protocol}s`]?: number };
  caFile: string;
  user: string;
  password: string;
};

/** A file that only its owner may read and run. @returns its path */
export function writeOwn(dir: string, name: string, text: string): string {
  const file = join(dir, name);
  writeFileSync(file, text, { mode: 0o700 });
  return file;
}

/** What a device's page shows for one program, with the password. */
export function textOf(
  { ports, caFile, user, password }: Login,
  label: string,
  { protocols, tls = "implicit" }: { protocols: Protocol[]; tls?: "implicit" | "starttls" },
): string {
  const listeners = protocols.map((protocol) => {
    const port = ports[tls === "implicit" ? (`${protocol}s` as const) : protocol] ?? 0;
    return { protocol, tls, port };
  });
  const gateway = { host: "localhost", listeners, hasOwnAuthority: true };
  // What instructions are made of.
  const device = { emailAddress: user, protocols, senders: [] as string[] } as DeviceRow;
  const found = instructionsFor(device, gateway).find((each) => each.label === label);
  if (!found) throw new Error(`No page says how to set up ${label} for ${protocols} (${tls}).`);
  const text = found.parts.map((part) => part.text).join("\n\n");
  return text.replaceAll("PASSWORD", password).replaceAll(AUTHORITY, caFile);
}

export type Message = { to: string; subject: string };
export type Sent = { stdout?: string | Buffer; stop?(): void };
