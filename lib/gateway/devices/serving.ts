import type { Client } from "./client";
import type { Credentials } from "./sasl";
import type { Opened } from "./sign-in";

export type Serving = {
  canStartTls(client: Client): boolean;
  /** @throws when the handshake fails; recorded */
  secure(client: Client): Promise<void>;
  signIn(client: Client, credentials: Credentials): Promise<Opened>;
  refusedPlaintext(client: Client): void;
};
