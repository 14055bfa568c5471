import { Alert, Anchor } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import Link from "next/link";
import type { ActionError } from "@/lib/http/schema";
import { routes } from "./routes";

/** What the server refused, above the fields that it is about. */
export function FormProblem({ problem }: { problem: ActionError | null }) {
  if (!problem) return null;
  return (
    <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
      {problem.message}{" "}
      {problem.remedyId && (
        <Anchor component={Link} href={routes.remedy(problem.remedyId)} size="sm">
          Why, and what to do
        </Anchor>
      )}
    </Alert>
  );
}
