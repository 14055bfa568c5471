import type { TestEvent } from "@/lib/checks/schema";
import { keepAlive, send } from "../http-client";
import { type RawConnection, rawConnection, rawRequest } from "../raw-connection";
import type { MailBench } from "./mailboxes";

type Product = Pick<MailBench, "web" | "apiKey">;

/** Connections to the product's route, each of which runs one test after the other. */
export function openLanes(product: Product, ids: readonly string[]) {
  const lanes = ids.map((id) => ({
    connection: rawConnection(product.web.url),
    request: rawRequest("POST", urlOf(product, id), headersOf(product)),
  }));
  return {
    test: (lane: number) => testOnce(lanes[lane % lanes.length]),
    close: () => {
      for (const { connection } of lanes) connection.close();
    },
  };
}

async function testOnce(lane: { connection: RawConnection; request: string } | undefined) {
  if (!lane) throw new Error("There is no mailbox to test.");
  const answer = await lane.connection.ask(lane.request);
  if (!answer.includes('"type":"finished"') || !answer.includes('"verdict":"ok","durationMs"'))
    throw new Error(`A connection test did not pass: ${answer.slice(-600)}`);
}

/** One test whose events are read as they come. */
export async function testStep(
  product: Product,
  { id, onEvent }: { id: string; onEvent: (event: TestEvent) => void },
): Promise<void> {
  const agent = keepAlive(1);
  const headers = headersOf(product);
  const response = await send({ url: urlOf(product, id), method: "POST", headers, agent });
  let unread = "";
  for await (const chunk of response) {
    const lines = `${unread}${chunk}`.split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) onEvent(JSON.parse(line) as TestEvent);
  }
  agent.destroy();
}

function urlOf({ web }: Product, id: string): string {
  return `${web.url}/api/emailAccounts/${id}/connectionTest`;
}

function headersOf({ apiKey }: Product): Record<string, string> {
  return { authorization: `Bearer ${apiKey}` };
}
