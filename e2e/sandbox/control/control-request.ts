import type { WebRequest } from "../http";

/** What the control page has to tell that the platform does not know. */
export interface ControlContext {
  ports: Record<string, number>;
  caFile: string;
  cloudFile: string;
  reset(): void;
}

export interface ControlRequest {
  context: ControlContext;
  request: WebRequest;
  parameters: (string | undefined)[];
}
