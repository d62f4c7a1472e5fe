# Two images from one build: `portal`, the default, holds the portal and nothing else; `demo` adds the sandbox, for
# docker-compose.yml. Either runs as nobody in particular, on a root that may be read-only.

ARG GO_IMAGE=golang:1.26.8-bookworm
FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The history is not among what is copied: docs/deploying.md says how to tell these.
ARG VERSION=unknown
ARG COMMIT=
RUN make build VERSION="$VERSION" COMMIT="$COMMIT"
# A volume mounted here takes over the folder's owner, so that the programs may write keys and a certificate into it.
RUN mkdir -p /empty/keys /empty/tls

FROM scratch AS demo
COPY --from=build /src/bin/portal /src/bin/sandbox /
COPY --from=build --chown=65532:65532 /empty/ /
USER 65532:65532
ENTRYPOINT ["/portal"]
CMD ["serve"]

FROM scratch AS portal
ARG VERSION=unknown
ARG COMMIT=
LABEL org.opencontainers.image.title="portal" \
      org.opencontainers.image.description="The customer-request portal" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/portal /portal
USER 65532:65532
# Beyond the container's own loopback; publish 8080 only.
ENV PORTAL_LISTEN=:8080 PORTAL_DEBUG_LISTEN=:8081
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/portal", "health"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
