import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ActionError } from "@/lib/http/schema";
import { InlineLink } from "./links";
import { routes } from "./routes";

/** What the server refused. */
export function FormProblem({ problem }: { problem: ActionError | null }) {
  if (!problem) return null;
  return (
    <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
      {problem.message}{" "}
      {problem.remedyId && (
        <InlineLink href={routes.remedy(problem.remedyId)}>Why, and what to do</InlineLink>
      )}
    </Alert>
  );
}
