"use client";

import { Button, Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";

const SearchDialog = dynamic(() => import("./search-dialog").then((module) => module.SearchDialog));

export function SearchButton() {
  const [isOpen, setOpen] = useState(false);
  // Also from a field: nothing else of the console uses these keys.
  useHotkeys([["mod+K", () => setOpen(true)]], []);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-keyshortcuts="Control+K"
        leftSection={<IconSearch size={14} />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm">
            Ctrl K
          </Kbd>
        }
        onClick={() => setOpen(true)}
      >
        Search
      </Button>
      {isOpen && <SearchDialog onClose={() => setOpen(false)} />}
    </>
  );
}
