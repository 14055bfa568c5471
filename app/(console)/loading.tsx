import { Skeleton, Stack } from "@mantine/core";
import page from "@/components/page.module.css";

export default function Loading() {
  return (
    <Stack className={page.content} aria-busy="true" aria-label="Loading">
      <Skeleton height={34} width={240} />
      <Skeleton height={16} width={320} />
      <Skeleton height={280} radius="md" />
    </Stack>
  );
}
