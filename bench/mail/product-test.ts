import type { Agent } from "node:http";
import type { TestEvent } from "@/lib/connection-tests/schema";
import { send } from "../http-client";
import type { MailBench } from "./mailboxes";

type Test = { id: string; agent: Agent; onEvent?: (event: TestEvent) => void };

/** One connection test through the product's route. @throws Error unless all three passed */
export async function testThroughRoute(
  { web, apiKey }: Pick<MailBench, "web" | "apiKey">,
  { id, agent, onEvent }: Test,
): Promise<void> {
  const response = await send({
    url: `${web.url}/api/emailAccounts/${id}/connectionTest`,
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    agent,
  });
  let body = "";
  let told = 0;
  for await (const chunk of response) {
    body += chunk;
    if (!onEvent) continue;
    const end = body.lastIndexOf("\n") + 1;
    for (const line of body.slice(told, end).split("\n").filter(Boolean))
      onEvent(JSON.parse(line) as TestEvent);
    told = end;
  }
  if (!/"type":"finished".*"verdict":"ok"/.test(body.slice(body.lastIndexOf('{"type"'))))
    throw new Error(`A connection test did not pass: ${body.slice(-600)}`);
}
