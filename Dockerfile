FROM python:3.11-slim

ENV DATA_DIR=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /desk
RUN useradd --system --no-create-home desk && install --directory --owner desk --mode 700 /data
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/base.txt
COPY . .
USER desk
