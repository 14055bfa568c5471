import { Anchor, Text } from "@mantine/core";

type UploadStepsProps = {
  /** The page of the app registration where certificates are uploaded. */
  uploadUrl: string | undefined;
  /** What comes after the upload. */
  last: string;
};

/** How a certificate becomes known to the platform. */
export function UploadSteps({ uploadUrl, last }: UploadStepsProps) {
  return (
    <Text component="ol" size="sm" m={0} pl="lg">
      <li>Download the certificate.</li>
      <li>
        Upload it to the app registration:{" "}
        {uploadUrl === undefined ? (
          "Certificates & secrets"
        ) : (
          <Anchor href={uploadUrl} target="_blank" rel="noreferrer" inherit underline="always">
            Certificates &amp; secrets
          </Anchor>
        )}
        , Certificates, Upload certificate.
      </li>
      <li>{last}</li>
    </Text>
  );
}
