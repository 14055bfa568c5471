"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { FieldPathByValue, FieldValues } from "react-hook-form";
import { ChoiceField } from "@/components/choice-input";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { searchContactListsAction } from "../choices/actions";

const Lists = createContext<Choices>({ found: [], hasMore: false });

export function ContactLists({ lists, children }: { lists: Choices; children: ReactNode }) {
  return <Lists value={lists}>{children}</Lists>;
}

export function useContactLists(): Choices {
  return useContext(Lists);
}

export const findLists = (search: string) => searchContactListsAction({ search });

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
