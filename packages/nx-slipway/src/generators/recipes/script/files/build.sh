#!/bin/sh
# Builds the image of {{name}}. nx-slipway finds it in Docker by the name
# $EXPECTED_REF, tags it by its content, and pushes it.
set -eu

docker build -t "$EXPECTED_REF" .
