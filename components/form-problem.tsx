import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ActionError } from "@/lib/http/schema";
import { TextLink } from "./links";
import { routes } from "./routes";

/** What the server refused, above the fields that it is about. */
export function FormProblem({ problem }: { problem: ActionError | null }) {
  if (!problem) return null;
  return (
    <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
      {problem.message}{" "}
      {problem.remedyId && (
        <TextLink href={routes.remedy(problem.remedyId)} size="sm">
          Why, and what to do
        </TextLink>
      )}
    </Alert>
  );
}
