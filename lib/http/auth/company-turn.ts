import type { NextRequest } from "next/server";
import type { CompanyProvider } from "./company-provider";

/** What a request to next-auth has to do with companies, and what is done with its reply. */
export type CompanyTurn = {
  request: NextRequest;
  providers: CompanyProvider[];
  /** Asked before next-auth gives the browser its cookie. */
  decide?: () => Promise<Decision>;
  finish?: (response: Response) => Promise<Response>;
};

/** The id of a session that has begun, where to send the browser instead, or nothing. */
export type Decision = { sessionId: string } | { location: string } | null;
