import type { FieldPathByValue, FieldValues } from "react-hook-form";
import { ChoiceField } from "@/components/choice-input";
import type { Choice } from "@/lib/kernel/choices/schema";
import { findLists, useContactLists } from "./contact-lists";

type ListFieldProps<V extends FieldValues> = {
  name: FieldPathByValue<V, string | null | undefined>;
  label?: string;
  /** Left out where a list is required. */
  none?: string;
  except?: string;
  chosen: Choice | null;
  autoFocus?: boolean;
};

export function ListField<V extends FieldValues>(props: ListFieldProps<V>) {
  const { label = "List", except, ...field } = props;
  const first = useContactLists();
  return (
    <ChoiceField<V>
      label={label}
      first={first}
      find={findLists}
      {...(except && { except: [except] })}
      {...field}
    />
  );
}
