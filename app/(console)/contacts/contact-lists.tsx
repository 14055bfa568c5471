"use client";

import { NativeSelect, type NativeSelectProps } from "@mantine/core";
import { createContext, type ReactNode, useContext } from "react";
import type { ContactListChoice } from "@/lib/contacts/lists/schema";

const Lists = createContext<readonly ContactListChoice[]>([]);

type ContactListsProps = { lists: readonly ContactListChoice[]; children: ReactNode };

/** The lists to choose from, once for all rows and dialogs of a page. */
export function ContactLists({ lists, children }: ContactListsProps) {
  return <Lists value={lists}>{children}</Lists>;
}

export function useContactLists(): readonly ContactListChoice[] {
  return useContext(Lists);
}

type ListFieldProps = Omit<NativeSelectProps, "data"> & {
  /** What stands for no list; left out where there has to be one. */
  none?: string;
  except?: string;
};

/** Chooses one of the lists. */
export function ListField({ none, except, ...field }: ListFieldProps) {
  const lists = useContactLists().filter(({ id }) => id !== except);
  return (
    <NativeSelect
      label="List"
      data={[
        ...(none === undefined ? [] : [{ value: "", label: none }]),
        ...lists.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      {...field}
    />
  );
}
