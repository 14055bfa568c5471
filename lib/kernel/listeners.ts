import { isNetwork } from "./networks";

/** `implicit`: TLS from the first byte; `starttls`: on request (RFC 8314). */
export type Listener = {
  protocol: "imap" | "pop3" | "smtp";
  tls: "implicit" | "starttls";
  host: string;
  port: number;
  /** Networks that may log in without TLS, besides this machine. */
  plaintext: readonly string[];
  /** Networks that may connect; absent: all. */
  from?: readonly string[];
  /** Proxies that send a PROXY header. */
  proxy?: readonly string[];
  /** Networks of devices limited to TLS 1.0 or 1.1; no other client may connect there. */
  oldTls?: readonly string[];
};

const NETWORKS = ["plaintext", "from", "proxy", "oldTls"] as const;

const KINDS: Readonly<Record<string, Pick<Listener, "protocol" | "tls">>> = {
  "imaps:": { protocol: "imap", tls: "implicit" },
  "imap:": { protocol: "imap", tls: "starttls" },
  "pop3s:": { protocol: "pop3", tls: "implicit" },
  "pop3:": { protocol: "pop3", tls: "starttls" },
  "smtps:": { protocol: "smtp", tls: "implicit" },
  "smtp:": { protocol: "smtp", tls: "starttls" },
};

/** @param text comma-separated, for example `imaps://0.0.0.0:993`; null if any is invalid */
export function readListeners(text: string): Listener[] | null {
  const listeners = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(readListener);
  return listeners.every((each) => each !== null) ? listeners : null;
}

function readListener(text: string): Listener | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, searchParams, username } = new URL(text);
  const kind = Object.hasOwn(KINDS, protocol) ? KINDS[protocol] : undefined;
  const isKnown = [...searchParams.keys()].every((name) => NETWORKS.some((each) => each === name));
  if (!kind || hostname === "" || port === "" || port === "0" || username !== "" || !isKnown)
    return null;
  if (!["", "/"].includes(pathname) || ![...searchParams.values()].every(isNetwork)) return null;
  const { plaintext = [], ...networks } = Object.fromEntries(
    NETWORKS.flatMap((name) => (searchParams.has(name) ? [[name, searchParams.getAll(name)]] : [])),
  );
  if (kind.tls === "implicit" && plaintext.length > 0) return null;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return { ...kind, host, port: Number(port), plaintext, ...networks };
}

/** Without options: `imaps://0.0.0.0:993`. */
export function addressOf({ protocol, tls, host, port }: Listener): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${protocol}${tls === "implicit" ? "s" : ""}://${name}:${port}`;
}
