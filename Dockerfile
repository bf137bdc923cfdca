# The tool in a small image: built with the Swift toolchain, shipped without it. Both base images come for amd64
# and arm64, so `docker buildx build --platform linux/amd64,linux/arm64 .` makes both.

FROM swift:6.1-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends libpq-dev libyaml-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Dependencies first: they change seldom, and their layer is kept.
COPY Package.swift ./
RUN swift package resolve
COPY Plugins Plugins
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product tenon \
  && install -D --strip "$(swift build -c release --show-bin-path)/tenon" /out/tenon

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git libpq5 libyaml-0-2 postgresql-client \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 1000 tenon
COPY --from=build /out/tenon /usr/local/bin/tenon
USER tenon
WORKDIR /project
# The server is another container; none is started in this one.
ENV TENON_SERVER=external
ENTRYPOINT ["tenon"]
CMD ["--help"]
