import { Skeleton, Stack } from "@mantine/core";
import page from "./page.module.css";

/**
 * What a list shows until its rows are there. Only lists have it: a page that streams has answered
 * 200 before it can say that what it shows does not exist.
 */
export function ListLoading() {
  return (
    <Stack className={page.content} aria-busy="true" aria-label="Loading">
      <Skeleton height={34} width={240} />
      <Skeleton height={16} width={320} />
      <Skeleton height={280} radius="md" />
    </Stack>
  );
}
