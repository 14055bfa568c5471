import type { Duplex } from "node:stream";

/** The other end may be within this process. */
export type ServerSocket = Duplex & {
  setTimeout(ms: number, onTimeout?: () => void): unknown;
  destroySoon(): void;
};

export type Upstream = {
  socket: ServerSocket;
  /** Bytes after the last reply. */
  rest: Buffer;
  replies: string[];
  /** SMTP only, in capitals. */
  offers: ReadonlySet<string>;
};
