# Two images from one build: `portal`, the default, holds the portal and nothing else; `demo` adds the sandbox and a
# wget for health checks, for docker-compose.yml.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN make build VERSION="$VERSION"
# A volume mounted here takes over the folder's owner, so that the portal may write its keys into it.
RUN mkdir -p /empty/keys

FROM busybox:1.37-musl AS demo
COPY --from=build /src/bin/portal /src/bin/sandbox /usr/local/bin/
COPY --from=build --chown=65532:65532 /empty/ /
USER 65532:65532
CMD ["portal", "serve"]

FROM scratch AS portal
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/portal /portal
USER 65532:65532
# Beyond the container's own loopback; publish 8080 only.
ENV PORTAL_LISTEN=:8080 PORTAL_DEBUG_LISTEN=:8081
EXPOSE 8080
ENTRYPOINT ["/portal"]
CMD ["serve"]
