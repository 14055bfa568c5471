import { Group, Text } from "@mantine/core";

export function Brand() {
  return (
    <Group gap={10} wrap="nowrap">
      {/* biome-ignore lint/performance/noImgElement: an icon of our own, without optimisation */}
      <img src="/icon.svg" width={28} height={28} alt="" />
      <Text component="span" fw={700} fz="lg">
        Postkey
      </Text>
    </Group>
  );
}
