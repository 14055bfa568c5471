import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import { SelectField } from "@/components/fields";
import {
  ACCOUNT_DEFAULTS,
  ACCOUNT_LABELS,
  canUseGraph,
  SENDS_BY,
  SENDS_BY_HINT,
  SENDS_BY_LABELS,
} from "@/lib/email-accounts/schema";
import type { AccountValues } from "./account-values";

/** Where there is a choice; elsewhere the usual way is kept. */
export function SendingField() {
  const { watch, setValue } = useFormContext<AccountValues>();
  const [service, modernAuthentication] = watch(["service", "modernAuthentication"]);
  const hasGraph = canUseGraph({ service, modernAuthentication });
  useEffect(() => {
    if (!hasGraph) setValue("sendsBy", ACCOUNT_DEFAULTS.sendsBy);
  }, [hasGraph, setValue]);
  if (!hasGraph) return null;
  return (
    <SelectField<AccountValues>
      name="sendsBy"
      label={ACCOUNT_LABELS.sendsBy}
      description={SENDS_BY_HINT}
      data={SENDS_BY.map((value) => ({ value, label: SENDS_BY_LABELS[value] }))}
    />
  );
}
