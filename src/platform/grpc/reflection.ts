import { type DescFile, type DescService, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';
import { file_google_rpc_error_details } from '../../gen/google/rpc/error_details_pb.js';

/** Adds server reflection (v1 and v1alpha), so that grpcurl and its like need no proto files. */
export function addReflection(server: Server, services: readonly DescService[]): void {
  const files = new Map<string, Buffer>();
  for (const service of services) collect(service.file, files);
  // No service refers to them, but every client that prints an error wants to.
  collect(file_google_rpc_error_details, files);
  const health = healthService['Check']?.requestType.fileDescriptorProtos ?? [];
  const fileDescriptorProtos = [...files.values(), ...health.map(withMapEntries)];
  // Made for what proto-loader returns; all that it reads of it are the descriptors of the files.
  const loaded = { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } as const;
  new ReflectionService({ 'ratebook.files': loaded }).addToServer(server);
}

function collect(file: DescFile, files: Map<string, Buffer>): void {
  if (files.has(file.proto.name)) return;
  files.set(file.proto.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
  for (const dependency of file.dependencies) collect(dependency, files);
}

/**
 * proto-loader, by which the health service comes, names the entry type of a map like the map, and drops the syntax.
 * Without the ending "Entry" grpcurl takes the whole file for invalid.
 */
function withMapEntries(bytes: Uint8Array): Buffer {
  const file = fromBinary(FileDescriptorProtoSchema, bytes);
  file.syntax = 'proto3';
  for (const message of file.messageType) {
    for (const entry of message.nestedType) {
      if (entry.options?.mapEntry !== true || entry.name.endsWith('Entry')) continue;
      for (const field of message.field) if (field.typeName === entry.name) field.typeName += 'Entry';
      entry.name += 'Entry';
    }
  }
  return Buffer.from(toBinary(FileDescriptorProtoSchema, file));
}
