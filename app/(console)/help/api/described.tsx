import { Text } from "@mantine/core";
import classes from "./api.module.css";

export function Described({ text }: { text: string }) {
  return text.split("\n\n").map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith("- ")))
      return (
        <ul key={block} className={classes.list}>
          {lines.map((line) => (
            <li key={line}>
              <WithCode text={line.slice(2)} />
            </li>
          ))}
        </ul>
      );
    return (
      <Text key={block} size="sm">
        <WithCode text={block} />
      </Text>
    );
  });
}

export function WithCode({ text }: { text: string }) {
  // The parts never move.
  return text.split("`").map((part, index) => {
    const key = `${index}`;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
