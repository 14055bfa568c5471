import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import { SelectField } from "@/components/fields";
import {
  ACCOUNT_DEFAULTS,
  ACCOUNT_LABELS,
  canUseGraph,
  READS_BY,
  READS_BY_HINT,
  READS_BY_LABELS,
  SENDS_BY,
  SENDS_BY_HINT,
  SENDS_BY_LABELS,
} from "@/lib/email-accounts/schema";
import type { AccountValues } from "./account-values";

/** Where there is a choice; elsewhere the usual ways are kept. */
export function WayFields() {
  const { watch, setValue } = useFormContext<AccountValues>();
  const [service, modernAuthentication] = watch(["service", "modernAuthentication"]);
  const hasGraph = canUseGraph({ service, modernAuthentication });
  useEffect(() => {
    if (hasGraph) return;
    setValue("sendsBy", ACCOUNT_DEFAULTS.sendsBy);
    setValue("readsBy", ACCOUNT_DEFAULTS.readsBy);
  }, [hasGraph, setValue]);
  if (!hasGraph) return null;
  return (
    <>
      <SelectField<AccountValues>
        name="sendsBy"
        label={ACCOUNT_LABELS.sendsBy}
        description={SENDS_BY_HINT}
        data={SENDS_BY.map((value) => ({ value, label: SENDS_BY_LABELS[value] }))}
      />
      <SelectField<AccountValues>
        name="readsBy"
        label={ACCOUNT_LABELS.readsBy}
        description={READS_BY_HINT}
        data={READS_BY.map((value) => ({ value, label: READS_BY_LABELS[value] }))}
      />
    </>
  );
}
