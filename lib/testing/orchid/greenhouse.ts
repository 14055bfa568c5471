import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { authorize, postToken, type TestSandbox } from "@/e2e/sandbox/testing";
import type { Cloud } from "@/lib/oauth/clouds";
import { startHttpsServer } from "../https-server";
import { ALICE } from "../sign-in";

export const ORCHID_CLIENT = { clientId: "orchid-7", clientSecret: "Nectar~of.the.seventh_orchid" };

export type Greenhouse = {
  /** What was asked for, in order. */
  grants: string[];
  /** Whether refresh tokens are still good. */
  isWithered: boolean;
  close(): Promise<void>;
};

/**
 * Orchid's own servers, and the preset that leads to them. Its mail servers are the sandbox's, so it gives
 * out tokens that those take.
 */
export async function openGreenhouse(sandbox: TestSandbox): Promise<Greenhouse> {
  const greenhouse: Greenhouse = { grants: [], isWithered: false, close: async () => {} };
  const { body } = await postToken(sandbox, await authorize(sandbox, ALICE));
  const accessToken = String(body.access_token);
  const server = await startHttpsServer(sandbox.stateDir, async (request, response) => {
    await answer(request, response, { greenhouse, accessToken });
  });
  greenhouse.close = server.close;
  addPreset(sandbox, server.origin);
  return greenhouse;
}

type Inside = { greenhouse: Greenhouse; accessToken: string };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { greenhouse, accessToken }: Inside,
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const asked = new URLSearchParams(body);
  const grant = asked.get("grant_type") ?? "";
  greenhouse.grants.push(grant);
  const word = refusal(asked, greenhouse);
  if (word !== undefined) {
    response.writeHead(400, { "x-orchid": word }).end();
    return;
  }
  const who = { id: "gardener-1", email: ALICE };
  const tokens = { access_token: accessToken, refresh_token: "root", expires_in: 3_600 };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ token_type: "Bearer", ...tokens, ...who }));
}

function refusal(asked: URLSearchParams, { isWithered }: Greenhouse): string | undefined {
  if (asked.get("client") !== ORCHID_CLIENT.clientId) return "no_such_client";
  if (asked.get("secret") !== ORCHID_CLIENT.clientSecret) return "wrong_nectar";
  return isWithered && asked.get("grant_type") === "refresh_token" ? "withered" : undefined;
}

/** As an operator would: one more preset in the file of clouds. */
function addPreset({ cloud, cloudFile }: TestSandbox, authority: string): void {
  const preset: Omit<Cloud, "service"> & { service: string } = {
    id: "orchid",
    service: "orchid",
    label: "Orchid",
    authority,
    authorizeOrigin: authority,
    scopeHost: authority,
    portal: authority,
    mail: cloud.mail,
  };
  const presets: unknown[] = JSON.parse(readFileSync(cloudFile, "utf8"));
  writeFileSync(cloudFile, JSON.stringify([...presets, preset]));
}
