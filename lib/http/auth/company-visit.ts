import type { NextRequest } from "next/server";
import type { CompanyProvider } from "./company-provider";

export type CompanyVisit = {
  request: NextRequest;
  providers: CompanyProvider[];
  /** Before next-auth sets its cookie. */
  decide?: () => Promise<Decision>;
  finish?: (response: Response) => Promise<Response>;
};

export type Decision = { sessionId: string } | { location: string } | null;
