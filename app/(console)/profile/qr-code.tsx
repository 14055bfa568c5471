import { Center } from "@mantine/core";

/** Black on white in the dark too: many cameras read nothing else. */
export function QrCode({ svg }: { svg: string }) {
  return (
    <Center>
      {/* biome-ignore lint/performance/noImgElement: a picture that is made here, which nothing could make smaller */}
      <img
        src={`data:image/svg+xml;base64,${btoa(svg)}`}
        alt="QR code with the secret that stands below as text"
        width={200}
        height={200}
      />
    </Center>
  );
}
