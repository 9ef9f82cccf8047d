#!/bin/busybox sh
# The first process of the guest: takes memory and frees it, as it is told on the serial console.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
exec </dev/ttyS0 >/dev/ttyS0 2>&1
stty -echo
mkdir /memory
mount -t tmpfs -o size=75% memory /memory
insmod /modules/virtio_balloon # tells the host which pages are free
echo ready
while read -r command megabytes; do
  case $command in
    fill) dd if=/dev/zero of=/memory/file bs=1M count="$megabytes" 2>/dev/null ;;
    drop) rm /memory/file ;;
    off) poweroff -f ;;
  esac
  echo ready
done
