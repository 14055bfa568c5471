import tls from "node:tls";
import type { MailServers } from "@/e2e/servers/mail-servers";
import { type Load, load } from "../http-client";
import { checkImap, checkPop3, checkSmtp, type Mailbox } from "./floor-checks";

// The floor is a process of its own, so that its CPU time can be read beside the product's.

export type FloorEndpoints = Pick<MailServers, "imap" | "smtp" | "pop3">;

export type FloorOrder =
  | { kind: "set up"; caPem: string; mailboxes: Mailbox[]; endpoints: FloorEndpoints }
  | { kind: "load"; lanes: number; durationMs: number; isLean?: boolean }
  | { kind: "one"; endpoints: FloorEndpoints };

export type FloorAnswer =
  | { kind: "ready" }
  | { kind: "loaded"; load: Load }
  | { kind: "protocol"; protocol: Protocol }
  | { kind: "failed"; message: string };

const CHECKS = { imap: checkImap, smtp: checkSmtp, pop3: checkPop3 } as const;
type Protocol = keyof typeof CHECKS;
const PROTOCOLS: readonly Protocol[] = ["imap", "smtp", "pop3"];

let secureContext = tls.createSecureContext();
let mailboxes: Mailbox[] = [];
let endpoints: FloorEndpoints | undefined;

async function obey(order: FloorOrder): Promise<void> {
  switch (order.kind) {
    case "set up":
      secureContext = tls.createSecureContext({ ca: [...tls.rootCertificates, order.caPem] });
      ({ mailboxes, endpoints } = order);
      return answer({ kind: "ready" });
    case "load":
      return answer({
        kind: "loaded",
        load: await load(order, (lane) => test({ lane, ...order })),
      });
    case "one":
      return test({
        lane: 0,
        where: order.endpoints,
        onEnd: (protocol) => answer({ kind: "protocol", protocol }),
      });
    default:
      throw new Error(`Unhandled order ${order satisfies never}`);
  }
}

type Test = {
  lane: number;
  where?: FloorEndpoints;
  isLean?: boolean;
  onEnd?: (protocol: Protocol) => void;
};

async function test({ lane, where = endpoints, isLean = false, onEnd }: Test): Promise<void> {
  const mailbox = mailboxes[lane % mailboxes.length];
  if (!where || !mailbox) throw new Error("The floor was not set up.");
  await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      await CHECKS[protocol]({ endpoint: where[protocol], secureContext, isLean }, mailbox);
      onEnd?.(protocol);
    }),
  );
}

function answer(message: FloorAnswer): void {
  process.send?.(message);
}

process.on("message", (order: FloorOrder) => {
  obey(order).catch((error: unknown) => answer({ kind: "failed", message: String(error) }));
});
process.on("disconnect", () => process.exit(0));
