"use client";

import { Alert, Anchor } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { type FieldErrors, useFormContext } from "react-hook-form";
import { focusField, type InvalidField, invalidFields } from "./invalid-fields";

/** Links to the wrong fields, beside the button. */
export function ErrorSummary() {
  const { formState } = useFormContext();
  const { submitCount, errors } = formState;
  const place = useRef<HTMLDivElement>(null);
  const [fields, setFields] = useState<InvalidField[] | null>(null);
  const isShown = submitCount > 0 && Object.keys(errors).length > 0;
  // Known from the rendered page only.
  useEffect(() => {
    const form = place.current?.closest("form");
    const found = isShown && form ? invalidFields(form) : null;
    setFields((before) => (isSame(before, found) ? before : found));
  });
  return (
    <div ref={place}>
      {fields?.length === 0 && (
        <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
          {messagesOf(errors).join(" ")}
        </Alert>
      )}
      {fields && fields.length > 0 && (
        <Alert color="red" icon={<IconAlertCircle size={18} />}>
          {fields.length === 1 ? "Check this field: " : `Check these ${fields.length} fields: `}
          {fields.map(({ label, element }, index) => (
            <span key={element.id || label}>
              {index > 0 && ", "}
              <Anchor
                component="button"
                type="button"
                inherit
                underline="always"
                c="inherit"
                onClick={() => focusField(element)}
              >
                {label}
              </Anchor>
            </span>
          ))}
        </Alert>
      )}
    </div>
  );
}

/** For fields that are not on the page. */
function messagesOf(errors: FieldErrors): string[] {
  return Object.values(errors).flatMap((error) =>
    typeof error?.message === "string" ? [error.message] : [],
  );
}

function isSame(a: InvalidField[] | null, b: InvalidField[] | null): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every(({ element }, index) => element === b[index]?.element);
}
