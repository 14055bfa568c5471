import { beforeEach, expect, test } from "vitest";
import { requireAllowedHosts } from "./allowed-hosts";
import { resolveMailHost } from "./mail-socket";
import { EgressRefusal, mayBeInside, mayUseHttpsPort, policyFor } from "./policy";

const PRESET = { host: "127.0.0.9", port: 1_993 };
let allowed = { privateHosts: new Set<string>(), mailPorts: new Set<number>() };
const policy = policyFor([PRESET], () => allowed);

function allow({ hosts = [], ports = [] }: { hosts?: string[]; ports?: number[] }): void {
  allowed = { privateHosts: new Set(hosts), mailPorts: new Set(ports) };
}

beforeEach(() => allow({}));

/** Addresses alone: what a name resolves to is looked at when it is connected to. */
const HOSTS = ["203.0.114.1", "127.0.0.1", "10.0.0.7", "169.254.169.254", PRESET.host];
const PORTS = [993, 995, 465, 587, 143, 110, 25, 2_525, 22, 3_306, 1_993, 8_143, 65_535];
const ALLOWED = [
  { hosts: [], ports: [] },
  { hosts: ["10.0.0.7"], ports: [] },
  { hosts: [], ports: [8_143] },
  { hosts: ["10.0.0.7", "127.0.0.1"], ports: [8_143, 22] },
];

function isAccepted(host: string, port: number): boolean {
  try {
    requireAllowedHosts({ imap: { host, port, tls: "implicit" } }, policy);
    return true;
  } catch {
    return false;
  }
}

async function isConnectedTo(host: string, port: number): Promise<boolean> {
  try {
    return (await resolveMailHost({ host, port, tls: "implicit" }, policy)).addresses.length > 0;
  } catch (error) {
    if (error instanceof EgressRefusal) return false;
    throw error;
  }
}

test.each(ALLOWED)(
  "a form accepts what a socket is opened to, where hosts $hosts and ports $ports are allowed",
  async (operator) => {
    allow(operator);
    for (const host of HOSTS)
      for (const port of PORTS)
        expect(isAccepted(host, port), `${host}:${port}`).toBe(await isConnectedTo(host, port));
  },
);

test("a preset's host is trusted at the preset's port alone", async () => {
  expect(await isConnectedTo(PRESET.host, PRESET.port)).toBe(true);
  expect(await isConnectedTo(PRESET.host, 993)).toBe(false);
});

test("a port that the operator allows is no door to the inside", async () => {
  allow({ ports: [8_143] });
  expect(await isConnectedTo("203.0.114.1", 8_143)).toBe(true);
  expect(await isConnectedTo("10.0.0.7", 8_143)).toBe(false);
});

test("identity platforms are asked on 443, and elsewhere where the operator says so", () => {
  const place = { host: "login.example.test", port: 8_443 };
  expect(mayUseHttpsPort({ ...place, port: 443 }, policy)).toBe(true);
  expect(mayUseHttpsPort(place, policy)).toBe(false);
  allow({ hosts: [place.host] });
  expect(mayUseHttpsPort(place, policy)).toBe(true);
});

test.each([
  ["::1", "[::1]"],
  ["localhost", "LOCALHOST"],
  ["localhost", "localhost."],
])("%s that the operator allows is %s as well", (listed, written) => {
  allow({ hosts: [listed] });
  expect(mayBeInside({ host: written, port: 443 }, policy)).toBe(true);
});
