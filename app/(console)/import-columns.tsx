import { Code, Text } from "@mantine/core";
import type { ReactNode } from "react";

type ImportColumnsProps = {
  needed: readonly string[];
  optional: readonly string[];
  children?: ReactNode;
};

export function ImportColumns({ needed, optional, children }: ImportColumnsProps) {
  return (
    <Text size="sm">
      The first line names the columns: <Names names={needed} last=" and " />
      {optional.length > 0 && (
        <>
          , and optionally <Names names={optional} last=", " />
        </>
      )}
      . {children}
    </Text>
  );
}

function Names({ names, last }: { names: readonly string[]; last: string }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && (index === names.length - 1 ? last : ", ")}
      <Code>{name}</Code>
    </span>
  ));
}
