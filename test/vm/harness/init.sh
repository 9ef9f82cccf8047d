#!/bin/busybox sh
# The first process of a guest: the host's root below a layer that goes with the guest, and the program that the share holds.
/bin/busybox --install -s /bin
mkdir -p /proc /host /layer /root
mount -t proc proc /proc
while read -r module; do insmod "/modules/$module"; done < /modules/order

options='trans=virtio,version=9p2000.L,msize=512000'
mount -t 9p -o "ro,cache=loose,$options" host /host
mount -t tmpfs layer /layer
mkdir /layer/upper /layer/work
mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work root /root

mount -t proc proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t cgroup2 cgroup2 /root/sys/fs/cgroup
mount -t devtmpfs devtmpfs /root/dev
mkdir -p /root/dev/shm
mount -t tmpfs shm /root/dev/shm
mount -t tmpfs run /root/run
mkdir /root/run/guest
mount -t 9p -o "$options" share /root/run/guest
exec switch_root /root /bin/sh /run/guest/program
