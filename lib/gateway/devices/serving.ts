import type { Client } from "./client";
import type { Credentials } from "./sasl";
import type { Opened } from "./sign-in";

/** What a listener does for the protocols. */
export type Serving = {
  canStartTls(client: Client): boolean;
  /** @throws when the handshake fails; it is written down */
  secure(client: Client): Promise<void>;
  signIn(client: Client, credentials: Credentials): Promise<Opened>;
  /** A password would have travelled in the clear. */
  refusedPlaintext(client: Client): void;
};
