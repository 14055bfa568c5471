interface LoggedRequest {
  at: string;
  place: string;
  /** The grant type, the page or the command. */
  what: string;
  outcome: string;
  mailbox?: string;
}

export interface RequestReport {
  counts: Record<string, number>;
  last: LoggedRequest[];
}

export interface RequestLog {
  record(request: Omit<LoggedRequest, "at">): void;
  report(): RequestReport;
  clear(): void;
}

const KEPT = 200;

/** Counts what was asked. Its entries are built from names and codes, never from a body. */
export function createRequestLog(): RequestLog {
  const counts = new Map<string, number>();
  const last: LoggedRequest[] = [];
  return {
    record(request) {
      const key = `${request.place} ${request.what}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      last.push({ at: new Date().toISOString(), ...request });
      if (last.length > KEPT) last.shift();
    },
    report: () => ({ counts: Object.fromEntries(counts), last: [...last] }),
    clear() {
      counts.clear();
      last.length = 0;
    },
  };
}
