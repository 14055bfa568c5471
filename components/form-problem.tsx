import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useParams } from "next/navigation";
import { useLayoutEffect, useRef, useState } from "react";
import type { ActionError } from "@/lib/http/schema";
import { InlineLink } from "./links";
import { problemWords } from "./notify";
import { routes } from "./routes";

/** Shown where no field says it. */
export function FormProblem({ problem }: { problem: ActionError | null }) {
  const { emailAccountId } = useParams<{ emailAccountId?: string }>() ?? {};
  const box = useRef<HTMLDivElement>(null);
  // Stays hidden when its field is corrected.
  const [told, setTold] = useState<{ problem: ActionError; words: string | null }>();
  useLayoutEffect(() => {
    const form = box.current?.closest("form");
    if (problem && form) setTold({ problem, words: wordsBeside(form, problem) });
  }, [problem]);
  if (!problem) return null;
  const words = told?.problem === problem ? told.words : problemWords(problem);
  if (words === null) return null;
  return (
    <Alert ref={box} color="red" icon={<IconAlertCircle size={18} />} role="alert">
      {words}{" "}
      {problem.remedyId && (
        <InlineLink href={routes.remedy(problem.remedyId, emailAccountId)}>
          Why, and what to do
        </InlineLink>
      )}
    </Alert>
  );
}

/** @returns null if the fields say it all; only the box links to the catalogue */
function wordsBeside(form: HTMLElement, problem: ActionError): string | null {
  const isMarked = (name: string) =>
    form.querySelector(`[name="${CSS.escape(name)}"][aria-invalid="true"]`) !== null;
  const names = Object.keys(problem.fields ?? {});
  const isAllSaid = names.length > 0 && names.every(isMarked);
  if (isAllSaid) return problem.remedyId === undefined ? null : problem.message;
  return problemWords(problem, isMarked);
}
