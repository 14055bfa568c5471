"use client";

import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useLayoutEffect, useRef, useState } from "react";
import type { ActionError } from "@/lib/http/schema";
import { InlineLink } from "./links";
import { routes } from "./routes";

/** What the server refused, where no field of the form says it already. */
export function FormProblem({ problem }: { problem: ActionError | null }) {
  const box = useRef<HTMLDivElement>(null);
  // Of this problem for good: when the field is corrected, the box does not come instead.
  const [atFields, setAtFields] = useState<ActionError | null>(null);
  useLayoutEffect(() => {
    const form = box.current?.closest("form");
    if (problem && form && isSaidAtFields(problem, form)) setAtFields(problem);
  }, [problem]);
  if (!problem || problem === atFields) return null;
  return (
    <Alert ref={box} color="red" icon={<IconAlertCircle size={18} />} role="alert">
      {problem.message}{" "}
      {problem.remedyId && (
        <InlineLink href={routes.remedy(problem.remedyId)}>Why, and what to do</InlineLink>
      )}
    </Alert>
  );
}

/** The box has the way to the error catalogue, which no field has. */
function isSaidAtFields({ fields = {}, remedyId }: ActionError, form: HTMLElement): boolean {
  const names = Object.keys(fields);
  const isMarked = (name: string) =>
    form.querySelector(`[name="${CSS.escape(name)}"][aria-invalid="true"]`) !== null;
  return names.length > 0 && remedyId === undefined && names.every(isMarked);
}
